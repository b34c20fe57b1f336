import Lifecycle
import Platform

@main
struct Verify {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(VerifyHook.run(Program.arguments))
    }
}
