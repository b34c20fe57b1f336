import Lifecycle
import Platform

@main
struct Vnc {
    static func main() {
        Program.start()
        Program.exit(VncHook.run(Program.arguments))
    }
}
