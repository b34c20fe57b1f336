import Lifecycle
import Platform

@main
struct Socat {
    static func main() {
        Program.openStandardDescriptors()
        Program.exit(SocatHook.run(Program.arguments))
    }
}
