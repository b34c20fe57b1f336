import Lifecycle
import Platform

@main
struct Halt {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(HaltHook.run(Program.arguments))
    }
}
