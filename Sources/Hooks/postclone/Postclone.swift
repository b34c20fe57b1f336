import Lifecycle
import Platform

@main
struct Postclone {
    static func main() {
        Program.start()
        Program.exit(PostcloneHook.run(Program.arguments))
    }
}
