import Foundation
import Platform
import TestSupport
import Testing
import Text

/// What a hostile zone can plant below its root. Everything is in a scratch directory: `root` is the zone root,
/// `outside` is what must never be reached from it.
@Suite struct RootedDirectoryTests {
    let scratch: Scratch
    let root: String

    init() throws {
        scratch = try Scratch()
        root = scratch.path + "/root"
        try scratch.write("root/etc/uuid", "inside")
        try scratch.write("root/a/b/c/file", "inside")
        try scratch.write("outside/etc/uuid", "outside")
        try scratch.write("outside/file", "outside")
    }

    func read(_ file: String, limit: Int = 100) throws(SystemError) -> String {
        String(decoding: try RootedDirectory(root).read(file, limit: limit), as: UTF8.self)
    }

    @Test(
        "a file is read, absolute paths counting from the root",
        arguments: ["etc/uuid", "/etc/uuid", "//etc//uuid", "./etc/./uuid", "a/b/c/file"])
    func fileRead(file: String) throws {
        try expect(read(file), equals: "inside")
    }

    @Test(
        "a path that leads up, or nowhere, is refused",
        arguments: [
            "..", "../outside/file", "etc/../../outside/file", "etc/..", "/../outside/file",
            "a/b/../../../outside/file",
            "", "/",
        ])
    func pathLeads(file: String) {
        let shown = root + (file.hasPrefix("/") ? file : "/" + file)
        #expect(
            throws: SystemError("open " + shown, reason: "there is no such place in a zone root")
        ) { try read(file) }
    }

    /// C sees a name's end at the NUL, and so `..` where Swift sees a longer name.
    @Test("a NUL cannot hide a path that leads up")
    func nulCannot() {
        for file in ["..\0/outside/file", "..\0x/outside/file", "etc/..\0/..\0/outside/file"] {
            #expect(throws: SystemError.self) { try read(file) }
        }
    }

    /// Where the component is a link: to a place outside, to a sibling that is the real one, to nothing, to itself.
    @Test(
        "no link is followed, whichever component it is", arguments: ["a", "a/b", "a/b/c", "a/b/c/file"],
        ["outside", "sibling", "dangling", "itself"])
    func linkFollowed(component: String, target: String) throws {
        let path = root + "/" + component
        let targets = [
            "outside": scratch.path + "/outside" + (component.hasSuffix("file") ? "/file" : ""),
            "sibling": "real-" + (path as NSString).lastPathComponent, "dangling": "no-such", "itself": path,
        ]
        try FileManager.default.moveItem(
            atPath: path,
            toPath: (path as NSString).deletingLastPathComponent + "/real-" + (path as NSString).lastPathComponent)
        try scratch.write("outside/b/c/file", "outside")
        try scratch.write("outside/c/file", "outside")
        try scratch.link("root/" + component, to: try #require(targets[target]))
        let error = #expect(throws: SystemError.self) { try read("a/b/c/file") }
        // Linux says ENOTDIR where a link is in a directory's place.
        #expect(error?.code == (component.hasSuffix("file") ? ELOOP : ENOTDIR))
        #expect(error?.action == "open " + root + "/a/b/c/file")
    }

    @Test("a slash counts as one where a combining mark follows it")
    func slashCounts() throws {
        try scratch.write("outside/\u{301}x", "outside")
        try scratch.link("root/link", to: scratch.path + "/outside")
        #expect(throws: SystemError.self) { try read("link/\u{301}x") }
    }

    @Test("a fifo does not hold the reader")
    func fifoDoes() {
        #expect(mkfifo(root + "/pipe", 0o600) == 0)
        #expect(throws: SystemError("read " + root + "/pipe", reason: "it is not a regular file")) {
            try read("pipe")
        }
    }

    @Test("a directory is not a file")
    func directoryFile() {
        #expect(throws: SystemError("read " + root + "/etc", reason: "it is not a regular file")) {
            try read("etc")
        }
    }

    @Test("a file is not a directory")
    func fileDirectory() {
        #expect(throws: SystemError(code: ENOTDIR, action: "open " + root + "/etc/uuid/x")) { try read("etc/uuid/x") }
    }

    @Test("a file may fill the limit and not exceed it")
    func fileMay() throws {
        try scratch.write("root/large", String(repeating: "x", count: 200_000))
        try expect(read("large", limit: 200_000).utf8.count, equals: 200_000)
        #expect(throws: SystemError(code: EFBIG, action: "read " + root + "/large")) {
            try read("large", limit: 199_999)
        }
    }

    @Test("an empty file is empty, even with a limit of nothing")
    func emptyFile() throws {
        try scratch.write("root/empty", "")
        try expect(read("empty", limit: 0), equals: "")
    }

    @Test("a missing file is told from other faults")
    func missingFile() {
        for file in ["etc/no-such", "no-such/uuid"] {
            let error = #expect(throws: SystemError.self) { try read(file) }
            #expect(error?.isNotFound == true)
            #expect(error?.description == "open " + root + "/" + file + ": No such file or directory")
        }
    }

    @Test("the root's own path is the global zone's and is followed")
    func rootsOwn() throws {
        try scratch.link("way", to: root)
        try expect(RootedDirectory(scratch.path + "/way").read("etc/uuid", limit: 10), equals: Array("inside".utf8))
    }

    @Test("the root itself must be a directory that is there")
    func rootItself() {
        let file = root + "/etc/uuid"
        #expect(throws: SystemError(code: ENOENT, action: "open " + root + "/no-such")) {
            _ = try RootedDirectory(root + "/no-such")
        }
        #expect(throws: SystemError(code: ENOTDIR, action: "open " + file)) { _ = try RootedDirectory(file) }
    }
}
