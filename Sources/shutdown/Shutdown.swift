import Lifecycle
import Platform

@main
struct Shutdown {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(ShutdownHook.run(Program.arguments))
    }
}
