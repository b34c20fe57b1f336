import Lifecycle
import Platform

@main
struct Vnc {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(VncHook.run(Program.arguments))
    }
}
