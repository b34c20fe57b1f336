import Lifecycle
import Platform

@main
struct Shutdown {
    static func main() {
        Program.start()
        Program.exit(ShutdownHook.run(Program.arguments))
    }
}
