import Lifecycle
import Platform

@main
struct Install {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(InstallHook.run(Program.arguments))
    }
}
