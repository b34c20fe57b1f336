import Commands
import Platform

@main
struct Vnc {
    static func main() {
        Program.start()
        Program.exit(ScreenCommand.run("vnc", Program.arguments))
    }
}
