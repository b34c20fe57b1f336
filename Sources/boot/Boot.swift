import Lifecycle
import Platform

@main
struct Boot {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(BootHook.run(Program.arguments))
    }
}
