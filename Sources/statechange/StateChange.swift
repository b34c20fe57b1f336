import Lifecycle
import Platform

@main
struct StateChange {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(StateChangeHook.run(Program.arguments))
    }
}
