import Lifecycle
import Platform

@main
struct Uninstall {
    static func main() {
        Program.start()
        Program.exit(UninstallHook.run(Program.arguments))
    }
}
