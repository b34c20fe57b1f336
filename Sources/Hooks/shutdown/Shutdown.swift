import Lifecycle
import Platform

@main
struct Shutdown {
    static func main() {
        Program.start(insideZone: true)
        Program.exit(ShutdownHook.run(Program.arguments))
    }
}
