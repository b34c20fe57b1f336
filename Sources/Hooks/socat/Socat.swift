import Lifecycle
import Platform

@main
struct Socat {
    static func main() {
        Program.start()
        Program.exit(SocatHook.run(Program.arguments))
    }
}
