import Lifecycle
import Platform

@main
struct Boot {
    static func main() {
        Program.start()
        Program.exit(BootHook.run(Program.arguments))
    }
}
