import Foundation
import FoundationXML

/// An element of a small XML file, with its text and what lies in it. Not FoundationXML's XMLDocument: where swift.org's
/// Foundation is, that ends the program when a file is not well-formed.
struct XMLElement: Sendable {
    let name: String
    let attributes: [String: String]
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XMLElement] = []

    fileprivate init(_ name: String, _ attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// The outermost element of an XML text, which the file at `path` holds. Throws with the line of the first mistake.
    init(xml: Data, path: String) throws {
        let parser = XMLParser(data: xml)
        let builder = Builder()
        parser.delegate = builder
        guard parser.parse(), let root = builder.root else {
            throw LabError("\(path):\(parser.lineNumber): this is not well-formed XML")
        }
        self = root
    }

    /// The outermost element of a file.
    static func read(_ path: String) throws -> XMLElement {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LabError("cannot read \(path)", remedy: "the brand is laid out anew by the next zonelab shell or run")
        }
        return try XMLElement(xml: data, path: path)
    }

    /// The elements of this name right below.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of the first element of this name, with its blanks; `nil` when there is none, or nothing in it.
    func text(of name: String) -> String? {
        let text = all(name).first?.text ?? ""
        return text.isEmpty ? nil : text
    }

    private final class Builder: NSObject, XMLParserDelegate {
        /// The outermost element, as far as it has been read.
        var root: XMLElement? { open.first ?? finished }
        private var open: [XMLElement] = []
        private var finished: XMLElement?

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            open.append(XMLElement(name, attributes))
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            guard let done = open.popLast() else { return }
            if open.isEmpty { finished = done } else { open[open.count - 1].children.append(done) }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if !open.isEmpty { open[open.count - 1].text += text }
        }
    }
}
