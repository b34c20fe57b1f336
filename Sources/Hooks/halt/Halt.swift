import Lifecycle
import Platform

@main
struct Halt {
    static func main() {
        Program.start()
        Program.exit(HaltHook.run(Program.arguments))
    }
}
