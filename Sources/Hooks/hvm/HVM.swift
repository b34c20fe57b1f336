import Commands
import Platform

@main
struct HVM {
    static func main() {
        Program.start()
        Program.exit(Hvm.run(Program.arguments))
    }
}
