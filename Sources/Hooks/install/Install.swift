import Lifecycle
import Platform

@main
struct Install {
    static func main() {
        Program.start()
        Program.exit(InstallHook.run(Program.arguments))
    }
}
