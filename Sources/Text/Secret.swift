/// A text that must not be seen: a VNC or cloud-init password.
///
/// Interpolated or printed it shows ``mask``; whoever writes it into a file of mode 0600 says so with ``revealed``.
public struct Secret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself, for the one file that needs it.
    public let revealed: String

    public init(_ text: String) {
        revealed = text
    }

    /// What people see instead.
    public static let mask = "********"

    public var description: String { Secret.mask }
    public var debugDescription: String { Secret.mask }
}
