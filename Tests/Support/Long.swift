import Foundation
import Testing

extension Trait where Self == ConditionTrait {
    /// For what takes longer than every run of the tests can afford: `make test-long` runs it too.
    public static var long: Self {
        .enabled(if: ProcessInfo.processInfo.environment["HVM_LONG"] == "1", "make test-long runs it")
    }
}
