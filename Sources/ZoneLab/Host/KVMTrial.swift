import CGuest
import Glibc

/// Whether a guest really runs on /dev/kvm. The device may be there and be of no use: a host that is a guest itself may hang, or
/// interpret what runs outside long mode: its BIOS is up at once then, and a boot loader seems to hang.
enum KVMTrial {
    /// How long the guest may take, which needs a second without any acceleration.
    static let limit = Duration.seconds(10)

    /// True when this user may open the device.
    static var isOpen: Bool { access("/dev/kvm", R_OK | W_OK) == 0 && cg_sector() != nil }

    /// Runs the guest of one sector to its last instruction, with QEMU's acceleration of that name.
    static func works(_ accelerator: String = "kvm", within limit: Duration = limit) -> Bool {
        guard let sector = cg_sector(), let file = tmpfile() else { return false }
        defer { fclose(file) }
        guard fwrite(sector, Int(CG_SECTOR_SIZE), 1, file) == 1, fflush(file) == 0 else { return false }
        let words = [
            "/usr/bin/qemu-system-x86_64", "-accel", accelerator, "-m", "16", "-nodefaults", "-display", "none",
            "-device", "isa-debug-exit,iobase=\(CG_PORT),iosize=1", "-drive", "file=/dev/fd/3,format=raw,if=ide",
        ]
        let setup = Child.Setup(input: .null, output: .null, errors: .null, extra: fileno(file), newSession: true)
        guard let machine = try? Child.start(words, setup) else { return false }
        let loop = EventLoop()
        var ending: Ending?
        var isLate = false
        loop.watch(machine) { ending = $0 }
        loop.after(limit) { isLate = true }
        loop.run { ending != nil || isLate }
        // One that hangs in the kernel cannot be waited for.
        if ending == nil { kill(machine.pid, SIGKILL) }
        return ending == .status(CG_DONE << 1 | 1)
    }
}
