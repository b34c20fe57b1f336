import Foundation

/// The attribute with which a message begins, `attr "ram": …`; `nil` when it begins otherwise.
public func attributeNamed(in message: String) -> String? {
    message.hasPrefix("attr \"") ? message.components(separatedBy: "\"")[1] : nil
}
