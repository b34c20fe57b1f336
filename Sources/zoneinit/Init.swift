import Lifecycle
import Platform

@main
struct Init {
    static func main() {
        Program.start()
        Program.exit(InitHook.run(Program.arguments))
    }
}
