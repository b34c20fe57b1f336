import Lifecycle
import Platform

@main
struct Verify {
    static func main() {
        Program.start()
        Program.exit(VerifyHook.run(Program.arguments))
    }
}
