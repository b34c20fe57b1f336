import Foundation
import FoundationXML

/// An element of a small XML file, with its text and what lies in it.
final class XMLElement {
    let name: String
    let attributes: [String: String]
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XMLElement] = []

    fileprivate init(_ name: String, _ attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    /// The elements of this name right below.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of the first element of this name, with its blanks; `nil` when there is none, or nothing in it.
    func text(of name: String) -> String? {
        let text = all(name).first?.text ?? ""
        return text.isEmpty ? nil : text
    }

    /// The outermost element of a file.
    static func read(_ path: String) throws -> XMLElement {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LabError("cannot read " + path, remedy: "the brand is laid out anew by the next zonelab shell or run")
        }
        let parser = XMLParser(data: data)
        let builder = Builder()
        parser.delegate = builder
        guard parser.parse(), let root = builder.root else {
            throw LabError("\(path):\(parser.lineNumber): this is not well-formed XML")
        }
        return root
    }

    private final class Builder: NSObject, XMLParserDelegate {
        var root: XMLElement?
        private var open: [XMLElement] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            let element = XMLElement(name, attributes)
            if let parent = open.last { parent.children.append(element) } else { root = element }
            open.append(element)
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            open.removeLast()
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            open.last?.text += text
        }
    }
}
