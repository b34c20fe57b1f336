import Lifecycle
import Platform

@main
struct Uninstall {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(UninstallHook.run(Program.arguments))
    }
}
