import Foundation
import Testing

/// What takes longer than every run of the tests can afford.
package enum Long {
    /// True in `make test-long`.
    package static let isWanted = ProcessInfo.processInfo.environment["HVM_LONG"] == "1"

    /// All of a test's cases in `make test-long`, otherwise the first.
    package static func first<Case>(of cases: [Case]) -> [Case] { isWanted ? cases : Array(cases.prefix(1)) }
}

extension Trait where Self == ConditionTrait {
    /// A test that runs in `make test-long` alone.
    package static var long: Self { .enabled(if: Long.isWanted, "make test-long runs it") }
}
