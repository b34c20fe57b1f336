import CXML
import Platform
import Text

extension ZoneConfiguration {
    /// Limits that no real zone comes near, so that a damaged or hostile file costs little.
    enum Limit {
        /// Bytes of the file.
        static let size = 4 << 20
        /// libxml2 counts an element's line in 16 bits.
        static let lines = 65535
        /// Bytes of one value: what reads a list in it looks at each part more than once.
        static let value = 8 << 10
        /// Elements below the root.
        static let resources = 16384
        /// Elements inside each other; the DTD needs 3.
        static let depth = 16
    }

    /// Reads a zone's XML file, such as `/etc/zones/debian.xml`.
    @export(interface)
    package static func read(file: String) throws(Failure) -> ZoneConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try HostFiles.read(file, limit: Limit.size)
        } catch {
            if error.isNotFound {
                throw failure(
                    file, nil, "there is no such file",
                    "zoneadm list -cp shows the zones there are; -x names a file elsewhere")
            }
            throw failure(
                file, nil, "cannot be read: \(error.reason)",
                "a zone's XML is a file of at most \(Limit.size >> 20) MiB")
        }
        return try parse(bytes, file: file)
    }

    /// Reads a zone's XML text; `file` is what messages call it.
    @export(interface)
    package static func parse(_ bytes: [UInt8], file: String) throws(Failure) -> ZoneConfiguration {
        try checkText(bytes, file: file)
        var reader = XMLReader(bytes)
        defer { reader.close() }
        guard try reader.next(file: file), reader.name == "zone" else {
            throw failure(
                file, reader.line, "the outermost element is <\(reader.name)>, not <zone>", remedyNotZone)
        }
        if let encoding = reader.encoding, !["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding.lowercasedASCII) {
            throw failure(file, 1, "the encoding is \(encoding), not UTF-8", remedyEncoding)
        }
        let line = reader.line
        var zone = ZoneConfiguration(
            file: file, line: line, properties: try reader.takeAttributes("zone", line, file: file))
        var resources = 0
        while try reader.next(file: file) {
            resources += 1
            guard resources <= Limit.resources else {
                throw failure(
                    file, reader.line, "the zone has more than \(Limit.resources) resources",
                    "remove what is not needed")
            }
            guard reader.depth <= Limit.depth else {
                throw failure(
                    file, reader.line, "elements are nested more than \(Limit.depth) deep", remedyNotZone)
            }
            try zone.add(&reader)
        }
        return zone
    }

    /// Refuses what is not text before libxml2 sees it, with one clear sentence.
    private static func checkText(_ bytes: [UInt8], file: String) throws(Failure) {
        guard bytes.contains(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) else {
            throw failure(file, 1, "the file is empty", remedyNotZone)
        }
        guard bytes.count <= Limit.size else {
            throw failure(file, nil, "the file is larger than \(Limit.size >> 20) MiB", remedyNotZone)
        }
        var line = 1
        var isASCII = true
        for byte in bytes {
            if byte >= 0x80 {
                isASCII = false
            } else if byte == 0x0a {
                line += 1
            } else if byte < 0x20 && byte != 0x09 && byte != 0x0d {
                throw failure(file, line, "this is not text: it holds the byte 0x\(byte.hexadecimal)", remedyNotZone)
            }
        }
        if bytes.last == 0x0a { line -= 1 }
        guard line <= Limit.lines else {
            throw failure(file, Limit.lines, "there are more than \(Limit.lines) lines", remedyNotZone)
        }
        if !isASCII, let place = UTF8Check.firstInvalid(bytes) {
            let line = 1 + bytes[..<place].count { $0 == 0x0a }
            throw failure(file, line, "the byte 0x\(bytes[place].hexadecimal) is not UTF-8", remedyEncoding)
        }
    }

    /// Takes up the resource the reader is at. Elements that mean nothing to a virtual machine are skipped.
    private mutating func add(_ reader: inout XMLReader) throws(Failure) {
        let (name, line, depth) = (reader.name, reader.line, reader.depth)
        let values = try reader.takeAttributes(name, line, file: file)
        switch (depth, name) {
        case (1, "attr"):
            attributes.append(
                Attribute(line: line, name: values["name"], type: values["type"], value: values["value"]))
        case (1, "network"):
            networks.append(
                Network(
                    line: line, physical: values["physical"], address: values["address"],
                    allowedAddress: values["allowed-address"], defrouter: values["defrouter"],
                    globalNic: values["global-nic"], macAddress: values["mac-addr"], vlanID: values["vlan-id"]))
        case (2, "net-attr") where reader.parent == "network":
            networks[networks.count - 1].attributes.append(
                NetAttribute(line: line, name: values["name"], value: values["value"]))
        case (1, "device"):
            devices.append(Device(line: line, match: values["match"]))
        case (1, "filesystem"):
            fileSystems.append(
                FileSystem(
                    line: line, directory: values["directory"], special: values["special"], raw: values["raw"],
                    type: values["type"]))
        case (2, "fsoption") where reader.parent == "filesystem":
            if let option = values["name"] { fileSystems[fileSystems.count - 1].options.append(option) }
        case (1, "dataset"):
            datasets.append(Dataset(line: line, name: values["name"]))
        default:
            break
        }
        if depth == 1 { reader.parent = name }
    }

    /// Which value is too long; the value itself is not repeated.
    fileprivate static func tooLong(_ element: String, _ property: String, _ name: String?) -> String {
        let what = name.map { "\(element) \($0.quoted)" } ?? element
        return "\(what): its \(property) is longer than \(Limit.value >> 10) KiB"
    }

    fileprivate static func failure(_ file: String, _ line: Int?, _ message: String, _ remedy: String) -> Failure {
        Failure(Diagnostic(.error, file: file, line: line, message: message, remedy: [remedy]))
    }

    private static let remedyNotZone = "give the file that zonecfg writes, /etc/zones/ZONE.xml"
    private static let remedyEncoding = "save the file as UTF-8, as zonecfg does"
}

extension [ZoneConfiguration.Property] {
    /// The value of a name.
    subscript(name: String) -> String? {
        first { $0.name == name }?.value
    }
}

/// CXML's walk over the elements of a text.
private struct XMLReader {
    private let handle: OpaquePointer
    private let text: UnsafeMutableBufferPointer<CChar>
    /// The element right below the root that the walk is in.
    var parent = ""

    init(_ bytes: [UInt8]) {
        text = .allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
        guard let handle = cxml_open(text.baseAddress, Int32(bytes.count)) else {
            Program.printError("out of memory\n")
            Program.exit(.fatal)
        }
        self.handle = handle
    }

    func close() {
        cxml_close(handle)
        text.deallocate()
    }

    /// Moves to the next element; false at the end.
    func next(file: String) throws(Failure) -> Bool {
        let result = cxml_next_element(handle)
        if result >= 0 { return result == 1 }
        let reason = String(cString: cxml_error(handle)).trimmed
        throw ZoneConfiguration.failure(
            file, max(1, Int(cxml_error_line(handle))), "this is not well-formed XML: \(reason)",
            "repair or restore the file; zonecfg writes it anew when a configuration is committed")
    }

    var name: String { String(cString: cxml_name(handle)) }
    var line: Int { Int(cxml_line(handle)) }
    var depth: Int { Int(cxml_depth(handle)) }
    var encoding: String? { cxml_encoding(handle).map { String(cString: $0) } }

    /// The element's XML attributes. The reader then is at the last of them, so ask for name, line and depth first.
    func takeAttributes(
        _ element: String, _ line: Int, file: String
    ) throws(Failure) -> [ZoneConfiguration.Property] {
        var list: [ZoneConfiguration.Property] = []
        // An attr's three, as nearly every element of a zone has.
        list.reserveCapacity(3)
        while cxml_next_attribute(handle) == 1 {
            let property = ZoneConfiguration.Property(
                name: String(cString: cxml_attribute_name(handle)),
                value: String(cString: cxml_attribute_value(handle)))
            guard property.value.utf8.count <= ZoneConfiguration.Limit.value else {
                throw ZoneConfiguration.failure(
                    file, line, ZoneConfiguration.tooLong(element, property.name, list["name"]), "shorten it")
            }
            list.append(property)
        }
        return list
    }
}
