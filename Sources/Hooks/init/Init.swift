import Lifecycle
import Platform

@main
struct Init {
    static func main() {
        Program.start(insideZone: true)
        Program.exit(InitHook.run(Program.arguments))
    }
}
