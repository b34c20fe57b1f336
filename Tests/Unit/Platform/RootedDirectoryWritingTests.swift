import Foundation
import Platform
import TestSupport
import Testing
import Text

/// Changes below a hostile root: whatever is planted, nothing outside changes.
@Suite struct RootedDirectoryWritingTests {
    let scratch: Scratch
    let root: String
    let outside: String

    init() throws {
        scratch = try Scratch()
        root = scratch.path + "/root"
        outside = scratch.path + "/outside"
        try scratch.write("root/etc/launch", "old")
        try scratch.write("outside/etc/launch", "outside")
        try scratch.write("outside/launch", "outside")
    }

    /// Path, kind, mode and content or target of everything outside, to be compared before and after.
    func outsideState() throws -> [String] {
        let manager = FileManager.default
        return try manager.subpathsOfDirectory(atPath: outside).sorted().map { name in
            let path = outside + "/" + name
            let attributes = try manager.attributesOfItem(atPath: path)
            let text = manager.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return "\(name) \(attributes[.type]!) \(attributes[.posixPermissions]!) \(text)"
        }
    }

    func mode(_ name: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: root + "/" + name)[.posixPermissions] as? Int)
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: root + "/" + name, encoding: .utf8) }

    func names(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/" + name).sorted()
    }

    @Test("a file is replaced with exactly this content and mode", arguments: [0o600, 0o644, 0o666])
    func fileReplaced(mode: Int) throws {
        try RootedDirectory(root).replace("/etc/launch", with: Array("new".utf8), mode: UInt32(mode))
        try expect(text("etc/launch"), equals: "new")
        try expect(self.mode("etc/launch"), equals: mode)
        try expect(names("etc"), equals: ["launch"])
    }

    @Test("a file that was not there is made")
    func fileWas() throws {
        try RootedDirectory(root).replace("etc/new", with: [], mode: 0o600)
        try expect(names("etc"), equals: ["launch", "new"])
    }

    @Test(
        "what is planted at the name, or at the one written first, is replaced and not followed",
        arguments: ["etc/launch", "etc/.launch.new"], ["link", "dangling", "fifo", "hard link"])
    func plantedName(
        name: String, planted: String
    ) throws {
        let path = root + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        switch planted {
        case "link": try scratch.link("root/" + name, to: outside + "/launch")
        case "dangling": try scratch.link("root/" + name, to: outside + "/none")
        case "fifo": #expect(mkfifo(path, 0o666) == 0)
        default: try FileManager.default.linkItem(atPath: outside + "/launch", toPath: path)
        }
        let before = try outsideState()
        try RootedDirectory(root).replace("etc/launch", with: Array("new".utf8), mode: 0o600)
        try expect(outsideState(), equals: before)
        try expect(text("etc/launch"), equals: "new")
        try expect(mode("etc/launch"), equals: 0o600)
        try expect(names("etc"), equals: ["launch"])
    }

    @Test("a tree planted at the name written first is cleared away, links in it not followed")
    func treePlanted()
        throws
    {
        try scratch.write("root/etc/.launch.new/a/b", "x")
        try scratch.link("root/etc/.launch.new/a/out", to: outside)
        let before = try outsideState()
        try RootedDirectory(root).replace("etc/launch", with: Array("new".utf8), mode: 0o600)
        try expect(outsideState(), equals: before)
        try expect(names("etc"), equals: ["launch"])
    }

    @Test("a directory at a file's name stays, and nothing is left beside it")
    func directoryFiles() throws {
        try scratch.write("root/etc/dir/file", "x")
        #expect(throws: SystemError(code: EISDIR, action: "write " + root + "/etc/dir")) {
            try RootedDirectory(root).replace("etc/dir", with: [], mode: 0o600)
        }
        try expect(names("etc"), equals: ["dir", "launch"])
        #expect(throws: SystemError(code: EISDIR, action: "remove " + root + "/etc/dir")) {
            try RootedDirectory(root).remove("etc/dir")
        }
        try expect(names("etc/dir"), equals: ["file"])
    }

    @Test("nothing is changed by way of a link to a directory")
    func nothingChanged() throws {
        try scratch.link("root/way", to: outside)
        try scratch.link("root/up", to: "..")
        let before = try outsideState()
        for place in ["way/launch", "way/etc/launch", "up/outside/launch", "way/../way/launch", "../outside/launch"] {
            #expect(throws: SystemError.self) { try RootedDirectory(root).replace(place, with: [], mode: 0o600) }
            #expect(throws: SystemError.self) { try RootedDirectory(root).remove(place) }
            #expect(throws: SystemError.self) { try RootedDirectory(root).makeDirectory(place + ".d", mode: 0o700) }
            #expect(throws: SystemError.self) { try RootedDirectory(root).makeLink(place + ".l", to: "x") }
            #expect(throws: SystemError.self) { _ = try RootedDirectory(root).status(place) }
        }
        try expect(outsideState(), equals: before)
    }

    @Test("a file or a link is removed, what is not there does not matter")
    func fileLink() throws {
        try scratch.link("root/etc/link", to: outside + "/launch")
        let before = try outsideState()
        for name in ["etc/link", "etc/launch", "etc/launch", "none/launch"] { try RootedDirectory(root).remove(name) }
        try expect(names("etc"), equals: [])
        try expect(outsideState(), equals: before)
    }

    @Test("a directory is made with exactly this mode, once", arguments: [0o700, 0o755, 0o1777])
    func directoryMade(mode: Int) throws {
        try RootedDirectory(root).makeDirectory("etc/made", mode: UInt32(mode))
        try expect(self.mode("etc/made"), equals: mode)
        let error = #expect(throws: SystemError.self) {
            try RootedDirectory(root).makeDirectory("etc/made", mode: 0o700)
        }
        #expect(error == SystemError(code: EEXIST, action: "make " + root + "/etc/made"))
    }

    @Test("a link is made, and told from what it points to")
    func linkMade() throws {
        try RootedDirectory(root).makeLink("etc/link", to: "/anywhere")
        try expect(FileManager.default.destinationOfSymbolicLink(atPath: root + "/etc/link"), equals: "/anywhere")
        try expect(RootedDirectory(root).status("etc/link")?.kind, equals: .symbolicLink)
        try expect(RootedDirectory(root).status("etc/launch")?.kind, equals: .regular)
        try expect(RootedDirectory(root).status("etc")?.kind, equals: .directory)
        try expect(RootedDirectory(root).status("etc/none"), equals: nil)
        try expect(RootedDirectory(root).status("none/none"), equals: nil)
    }

    @Test("a tree is removed, links in it and not what they point to")
    func treeRemoved() throws {
        try scratch.write("root/tree/a/b/file", "x")
        try scratch.write("root/tree/.hidden", "x")
        try scratch.link("root/tree/out", to: outside)
        try scratch.link("root/tree/a/out", to: outside + "/launch")
        #expect(mkfifo(root + "/tree/pipe", 0o600) == 0)
        try scratch.link("root/link", to: outside)
        let before = try outsideState()
        try expect(RootedDirectory(root).removeTree("tree"), equals: [])
        try expect(RootedDirectory(root).removeTree("link"), equals: [])
        try expect(RootedDirectory(root).removeTree("none"), equals: [])
        try expect(names(""), equals: ["etc"])
        try expect(outsideState(), equals: before)
    }

    @Test("an entry is renamed")
    func entryRenamed() throws {
        try RootedDirectory(root).rename("etc", to: "moved")
        try expect(text("moved/launch"), equals: "old")
        try expect(RootedDirectory(root).names(), equals: ["moved"])
        try RootedDirectory(root).rename("moved/launch", to: "kept")
        try expect(names("moved"), equals: ["kept"])
    }

    @Test("what is renamed lies below the root, itself and not what a link leads to")
    func renamedLies() throws {
        let before = try outsideState()
        for name in ["../outside/launch", outside + "/launch", "../outside", "", ".", ".."] {
            #expect(throws: SystemError.self) { try RootedDirectory(root).rename(name, to: "x") }
        }
        for name in ["etc/link", "link"] {
            try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: outside)
        }
        #expect(throws: SystemError.self) { try RootedDirectory(root).rename("link/launch", to: "x") }
        try RootedDirectory(root).rename("etc/link", to: "moved")
        try expect(FileManager.default.destinationOfSymbolicLink(atPath: root + "/etc/moved"), equals: outside)
        try expect(outsideState(), equals: before)
    }

    @Test("a name of more than one component is not an entry's new name, nor one to be removed")
    func nameMore() throws {
        let before = try outsideState()
        for name in ["../outside/launch", "etc/launch", outside + "/launch", "../outside"] {
            #expect(throws: SystemError.self) { try RootedDirectory(root).rename("etc", to: name) }
            #expect((try? RootedDirectory(root).removeTree(name).isEmpty) != true)
        }
        try #require(FileManager.default.fileExists(atPath: outside))
        try expect(outsideState(), equals: before)
        #expect((try? names("etc")) == ["launch"])
    }
}
