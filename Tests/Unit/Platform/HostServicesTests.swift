import Foundation
import Platform
import TestSupport
import Testing
import Text

@Suite struct PatternTests {
    @Test(
        "a device pattern matches, slashes too",
        arguments: [
            ("/dev/zvol/rdsk/rpool/vm0", "/dev/zvol/rdsk/rpool/vm0"),
            ("/dev/zvol/rdsk/rpool/*", "/dev/zvol/rdsk/rpool/vm0"),
            ("/dev/zvol/rdsk/*", "/dev/zvol/rdsk/rpool/a/b"), ("*", "/dev/ppt0"), ("/dev/ppt?", "/dev/ppt0"),
            ("/dev/ppt[0-3]", "/dev/ppt3"), ("/dev/ppt[!0-3]", "/dev/ppt4"), ("/dev/a\\*b", "/dev/a*b"), ("", ""),
            ("*", ".hidden"),
        ])
    func devicePattern(pattern text: String, path: String) {
        #expect(pattern(text, matches: path))
    }

    @Test(
        "a device pattern matches the whole text or not at all",
        arguments: [
            ("/dev/zvol/rdsk/rpool/vm0", "/dev/zvol/rdsk/rpool/vm01"), ("/dev/zvol", "/dev/zvol/rdsk"),
            ("/dev/ppt?", "/dev/ppt10"),
            ("/dev/ppt[0-3]", "/dev/ppt4"), ("/dev/a\\*b", "/dev/axb"), ("/DEV/*", "/dev/x"), ("", "/dev"),
            ("dev/*", "/dev/x"),
            ("/dev/[", "/dev/x"),
        ])
    func devicePatternMatches(pattern text: String, path: String) {
        #expect(!pattern(text, matches: path))
    }
}

@Suite struct AddressFamilyTests {
    @Test(
        "an address tells its family",
        arguments: [
            ("192.0.2.1", .ipv4), ("0.0.0.0", .ipv4), ("255.255.255.255", .ipv4), ("::", .ipv6), ("2001:db8::1", .ipv6),
            ("::ffff:192.0.2.1", .ipv6), ("FE80::1", .ipv6),
        ] as [(String, AddressFamily)])
    func addressTells(text: String, family: AddressFamily) {
        #expect(AddressFamily(address: text) == family)
    }

    @Test(
        "what is no address has no family",
        arguments: [
            "", " ", "192.0.2", "192.0.2.256", "192.0.2.1/24", " 192.0.2.1", "192.0.2.1 ", "localhost",
            "2001:db8::1/64",
            "1::2::3", ":::",
            "fe80::1%net0", "0x7f.0.0.1", "12345", "192.0.2.1\n",
        ])
    func addressFamily(text: String) {
        #expect(AddressFamily(address: text) == nil)
    }
}

@Suite struct HostFilesTests {
    @Test("a file of the host is read by name, links followed")
    func fileHost() throws {
        let scratch = try Scratch()
        try scratch.write("file", "text\n")
        try scratch.link("link", to: "file")
        try expect(HostFiles.read(scratch.path + "/link", limit: 5), equals: Array("text\n".utf8))
    }

    @Test("what is missing, too large or no file is refused")
    func missingToo() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "text\n")
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        let refused: [(String, Int, SystemError)] = [
            (scratch.path + "/none", 9, SystemError(code: ENOENT, action: "open " + scratch.path + "/none")),
            (file, 4, SystemError(code: EFBIG, action: "read " + file)),
            (scratch.path, 9, SystemError("read " + scratch.path, reason: "it is not a regular file")),
            (
                scratch.path + "/pipe", 9,
                SystemError("read " + scratch.path + "/pipe", reason: "it is not a regular file")
            ),
        ]
        for (path, limit, error) in refused {
            #expect(throws: error) { try HostFiles.read(path, limit: limit) }
        }
    }

    @Test("existence is told")
    func existenceTold() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "")
        try scratch.link("dangling", to: "none")
        #expect(HostFiles.exists(file))
        #expect(HostFiles.exists(scratch.path))
        #expect(!HostFiles.exists(scratch.path + "/none"))
        #expect(!HostFiles.exists(scratch.path + "/dangling"))
    }

    @Test("the names in a directory are sorted, itself and its parent left out")
    func namesDirectory() throws {
        let scratch = try Scratch()
        for name in ["b", "a", ".c", "B", "d/e"] { try scratch.write(name, "") }
        try expect(HostFiles.names(in: scratch.path), equals: [".c", "B", "a", "b", "d"])
        #expect(throws: SystemError(code: ENOENT, action: "open " + scratch.path + "/none")) {
            try HostFiles.names(in: scratch.path + "/none")
        }
    }
}

@Suite struct SystemErrorTests {
    @Test(
        "a failed call says what was done and why it failed",
        arguments: [
            (ENOENT, "open /x: No such file or directory", true),
            (EACCES, "open /x: Permission denied", false),
            (EPERM, "open /x: Operation not permitted", false), (EINVAL, "open /x: Invalid argument", false),
        ])
    func failedCall(
        code: Int32, description: String, isNotFound: Bool
    ) {
        let error = SystemError(code: code, action: "open /x")
        #expect(error.description == description)
        #expect(error.isNotFound == isNotFound)
    }

    @Test("a reason in words of its own stands where the system's would")
    func reasonWords() {
        let error = SystemError("open /x", reason: "it is not a regular file")
        #expect(error.description == "open /x: it is not a regular file")
        #expect(!error.isNotFound)
        #expect(SystemError(error, action: "read /x").description == "read /x: it is not a regular file")
        #expect(
            SystemError(SystemError(code: ENOENT, action: "a"), action: "b") == SystemError(code: ENOENT, action: "b"))
    }

    @Test("random bytes are as many as asked for, and not the same again")
    func differentBytes() {
        #expect(randomBytes(0) == [])
        #expect(randomBytes(16).count == 16)
        #expect(randomBytes(16) != randomBytes(16))
    }
}
