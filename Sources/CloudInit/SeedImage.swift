import Platform
import Text

/// A seed as the guest reads it: an ISO 9660 image with the volume name that NoCloud looks for.
package struct SeedImage: Sendable {
    /// The whole image.
    package let bytes: [UInt8]

    /// Bytes of an image: more than any seed takes.
    private static let limit = 16 << 20

    /// Lets the host's mkisofs make it, in a directory of its own outside every zone. Throws with the program's words when
    /// that fails.
    @export(interface)
    package init(_ seed: Seed, platform: HostPlatform, commands: HostCommands) throws(Failure) {
        let maker = try ImageMaker(platform, commands)
        let result: Command.Result
        do throws(SystemError) {
            let directory = try PrivateDirectory(prefix: "hvm-seed")
            let image = "\(directory.path)/seed.iso"
            var words = maker.words + ["-quiet", "-V", "CIDATA", "-J", "-r", "-o", image]
            for file in seed.files { words.append(try directory.write(file.name, file.bytes)) }
            result = try Command(maker.program, words).run()
            bytes = result.status == 0 ? try HostFiles.read(image, limit: Self.limit) : []
        } catch {
            throw Failure("the seed for cloud-init cannot be made: \(error.description)", remedy: maker.remedy)
        }
        guard result.status == 0 else {
            throw Failure(
                "the seed for cloud-init cannot be made: \(maker.program.baseName): \(result.complaint)",
                remedy: maker.remedy)
        }
    }
}

/// The program that makes ISO images, which differs between hosts.
private struct ImageMaker {
    /// The absolute path that it is run by.
    let program: String
    /// What precedes the words of mkisofs(8).
    let words: [String]
    let remedy: String

    /// Throws when the host has none.
    init(_ platform: HostPlatform, _ commands: HostCommands) throws(Failure) {
        switch platform {
        case .illumos:
            (program, words) = (commands.path("/usr/bin/mkisofs"), [])
            remedy = "install mkisofs, or look whether /tmp is full"
        case .linux:
            remedy = "look whether /tmp is full"
            // A directory of stand-ins for illumos' commands need not have one for these.
            let candidates = [("/usr/bin/xorriso", ["-as", "mkisofs"]), ("/usr/bin/genisoimage", [])].flatMap {
                [(commands.path($0.0), $0.1), $0]
            }
            guard let found = candidates.first(where: { HostFiles.exists($0.0) }) else {
                throw Failure(
                    "the seed for cloud-init cannot be made: there is neither xorriso nor genisoimage",
                    remedy: "install xorriso")
            }
            (program, words) = found
        }
    }
}
