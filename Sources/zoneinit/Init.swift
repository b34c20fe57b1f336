import Lifecycle
import Platform

@main
struct Init {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(InitHook.run(Program.arguments))
    }
}
