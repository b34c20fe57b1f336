import Testing

/// Expects two values to be equal, and shows both when they are not: `#expect` shows neither of an expression that can
/// throw.
package func expect<Value: Equatable>(
    _ found: Value, equals expected: Value, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found != expected else { return }
    Issue.record(
        "\(comment())\n   found: \(String(reflecting: found))\nexpected: \(String(reflecting: expected))",
        sourceLocation: sourceLocation)
}

/// Expects a text to have these words in it, and shows it when it has not.
package func expect(_ text: String, contains words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    if !text.contains(words) { fail(text, "contains", words, sourceLocation) }
}

/// Expects a text to begin so, and shows it when it does not.
package func expect(_ text: String, hasPrefix words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    if !text.hasPrefix(words) { fail(text, "begins with", words, sourceLocation) }
}

/// Expects a text to end so, and shows it when it does not.
package func expect(_ text: String, hasSuffix words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    if !text.hasSuffix(words) { fail(text, "ends with", words, sourceLocation) }
}

private func fail(_ text: String, _ what: String, _ words: String, _ place: SourceLocation) {
    Issue.record("text that \(what) \(words.debugDescription)\nfound: \(text.debugDescription)", sourceLocation: place)
}

/// Expects one of the values to be this one, and shows all when none is.
package func expect<Value: Equatable>(
    _ values: [Value], contains value: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard !values.contains(value) else { return }
    Issue.record(
        "values with \(String(reflecting: value))\nfound: \(String(reflecting: values))", sourceLocation: sourceLocation
    )
}
