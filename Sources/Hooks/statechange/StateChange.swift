import Lifecycle
import Platform

@main
struct StateChange {
    static func main() {
        Program.start()
        Program.exit(StateChangeHook.run(Program.arguments))
    }
}
