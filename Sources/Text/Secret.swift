/// A text that must not be seen: a VNC or cloud-init password.
///
/// Interpolated or printed it shows ``mask``; whoever writes it into a file of mode 0600 says so with ``revealed``.
package struct Secret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself, for the one file that needs it.
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }

    /// What people see instead.
    package static let mask = "********"

    /// The mask.
    package var description: String { Secret.mask }
    /// The mask.
    package var debugDescription: String { Secret.mask }
}
