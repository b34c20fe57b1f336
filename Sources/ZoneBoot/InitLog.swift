import Platform

/// What init, the hypervisor and shutdown say inside the zone. A boot of the zone begins it anew; a guest that resets
/// finds it as it was.
public enum InitLog {
    /// Where it lies in the zone.
    public static let path = "/tmp/init.log"
}
