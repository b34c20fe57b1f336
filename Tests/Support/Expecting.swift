import Testing

/// Expects two values to be equal, and shows both when they are not: `#expect` shows neither of an expression that can
/// throw.
public func expect<Value: Equatable>(
    _ found: Value, equals expected: Value, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found != expected else { return }
    Issue.record(
        "\(comment())\n   found: \(String(reflecting: found))\nexpected: \(String(reflecting: expected))",
        sourceLocation: sourceLocation)
}
