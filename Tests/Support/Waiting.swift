import Foundation
import Testing

/// Waits until something holds, looking every few milliseconds. Records an issue when it does not within a minute, which
/// is far more than any wait here takes on a machine under load.
package func wait(
    for what: String, seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation, until holds: () -> Bool
) {
    let end = Date(timeIntervalSinceNow: seconds)
    while !holds() {
        guard Date() < end else {
            Issue.record("waited \(seconds) s in vain: \(what)", sourceLocation: sourceLocation)
            return
        }
        usleep(5000)
    }
}
