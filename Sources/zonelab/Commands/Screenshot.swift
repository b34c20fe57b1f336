import Glibc
import Platform

/// `zonelab screenshot`: what a VNC viewer sees of a zone's screen, as a PNG file.
enum Screenshot {
    static func run(_ arguments: [String]) throws -> Int32 {
        guard arguments.count == 2 else { throw LabError.usage("usage: zonelab screenshot ZONE FILE.png\n") }
        let entry = try ZoneIndex.entry(of: arguments[0])
        let socket = entry.zonepath + "/root/tmp/vm.vnc"
        guard let connection = UnixSocket.connect(socket) else {
            throw LabError(
                "nobody listens at " + socket, remedy: "boot the zone, with the attr vnc set to on")
        }
        defer { close(connection) }
        let picture = try RFBClient(connection).picture()
        let file = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw LabError(errno: errno, "cannot write " + arguments[1]) }
        defer { close(file) }
        guard Stream.write(file, PNG.encode(picture)) else {
            throw LabError(errno: errno, "cannot write " + arguments[1])
        }
        Stream.write(1, arguments[1] + ": \(picture.width) × \(picture.height)\n")
        return 0
    }
}

/// Red, green and blue of each pixel, a byte each, row by row.
struct Picture {
    let width: Int
    let height: Int
    var bytes: [UInt8]
}

/// As much of the Remote Framebuffer protocol (RFC 6143) as one picture takes: no password, pixels as they are.
struct RFBClient {
    private let connection: Int32

    init(_ connection: Int32) {
        self.connection = connection
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func picture() throws -> Picture {
        _ = try read(12)  // ProtocolVersion
        Stream.write(connection, "RFB 003.008\n")
        let types = try read(Int(try read(1)[0]))
        guard types.contains(1) else { throw LabError("the screen wants a password", remedy: "use a VNC viewer") }
        Stream.write(connection, [1])
        guard try read(4) == [0, 0, 0, 0] else { throw LabError("the screen refuses the connection") }
        Stream.write(connection, [1])  // ClientInit: shared
        let server = try read(24)
        let (width, height) = (number(server[0..<2]), number(server[2..<4]))
        _ = try read(number(server[20..<24]))  // the screen's name
        // SetPixelFormat: 32 bits, little-endian, red in the third byte.
        Stream.write(connection, [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])
        Stream.write(connection, [2, 0, 0, 1, 0, 0, 0, 0])  // SetEncodings: raw
        Stream.write(connection, [3, 0, 0, 0, 0, 0] + server[0..<4])  // FramebufferUpdateRequest
        var picture = Picture(width: width, height: height, bytes: [UInt8](repeating: 0, count: width * height * 3))
        try update(&picture)
        return picture
    }

    private func update(_ picture: inout Picture) throws {
        guard try read(1) == [0] else { throw LabError("the screen sends something else than a picture") }
        for _ in 0..<number(try read(3)[1..<3]) {
            let head = try read(12)
            let (x, y, width, height) = (
                number(head[0..<2]), number(head[2..<4]), number(head[4..<6]), number(head[6..<8])
            )
            guard number(head[8..<12]) == 0, x + width <= picture.width, y + height <= picture.height else {
                throw LabError("the screen sends a picture that was not asked for")
            }
            let pixels = try read(width * height * 4)
            for row in 0..<height {
                for column in 0..<width {
                    let from = (row * width + column) * 4
                    let to = ((y + row) * picture.width + x + column) * 3
                    for color in 0..<3 { picture.bytes[to + color] = pixels[from + 2 - color] }
                }
            }
        }
    }

    /// Big-endian.
    private func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var piece = [UInt8](repeating: 0, count: 65536)
        while bytes.count < count {
            let got = Glibc.read(connection, &piece, min(piece.count, count - bytes.count))
            guard got > 0 else { throw LabError("the screen's connection broke off") }
            bytes += piece[..<got]
        }
        return bytes
    }
}

/// Pictures as PNG files (RFC 2083), not compressed.
enum PNG {
    static func encode(_ picture: Picture) -> [UInt8] {
        let header = big(UInt32(picture.width)) + big(UInt32(picture.height)) + [8, 2, 0, 0, 0]
        var rows: [UInt8] = []
        rows.reserveCapacity(picture.bytes.count + picture.height)
        for row in 0..<picture.height {
            rows.append(0)
            rows += picture.bytes[(row * picture.width * 3)..<((row + 1) * picture.width * 3)]
        }
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header) + chunk("IDAT", stored(rows))
            + chunk("IEND", [])
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(data.count)) + body + big(crc(body))
    }

    /// A zlib stream of stored blocks (RFC 1950, 1951).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = data[...]
        repeat {
            let block = rest.prefix(65535)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for number in [count, ~count] { stream += [UInt8(number & 0xff), UInt8(number >> 8)] }
            stream += block
        } while !rest.isEmpty
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return stream + big(b << 16 | a)
    }

    private static let crcTable = (UInt32(0)..<256).map { index in
        (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crcTable[Int(($0 ^ UInt32($1)) & 0xff)] ^ ($0 >> 8) }
    }
}
