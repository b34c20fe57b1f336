import Text

/// Turns the trimmed text of an attribute into its value, or says what is wrong with it.
typealias AttributeParser<Value> = @Sendable (String) throws(ValueError) -> Value

/// The keys of the attributes: each is in the file of its device.
enum Attributes {}

/// A value that an attribute can have which stands once.
protocol AttributeValue: Equatable, Sendable {
    /// The value as an attribute says it; a secret is masked.
    var text: String { get }
    /// What `boot -j` shows under `opts` for a value that the zone writes like this: ``text``, or the zone's own words.
    func shown(written: String) -> String
}

extension AttributeValue {
    func shown(written: String) -> String { text }
}

/// The key of an attribute that occurs at most once in a zone: reading a zone's settings by it returns its value.
struct Attribute<Value: AttributeValue>: Sendable {
    let row: AttributeRow
    private let forms: [Form]

    /// The attribute as some brands have it.
    struct Form: Sendable {
        fileprivate let form: AttributeForm
        /// What holds when the zone does not say it; `nil`: then there is none.
        let fallback: Value?
        let parse: AttributeParser<Value>

        @inline(never)
        static func of(
            _ brands: Brand..., default fallback: Value? = nil, effect: AttributeForm.Effect = .commandLine,
            syntax: String, example: String, parse: @escaping AttributeParser<Value>
        ) -> Form {
            Form(
                form: AttributeForm(
                    brands: brands, multiplicity: .once, fallback: fallback?.text, effect: effect, syntax: syntax,
                    example: example),
                fallback: fallback, parse: parse)
        }
    }

    init(
        _ name: String, _ summary: String, from source: AttributeRow.Source = .later, isOption: Bool = true,
        isLenient: Bool = false, allowsEmpty: Bool = false, elsewhere otherNames: [String] = [], _ forms: Form...
    ) {
        row = AttributeRow(
            name: name, summary: summary, isList: false, forms: forms.map { $0.form }, source: source,
            isOption: isOption, isLenient: isLenient, allowsEmpty: allowsEmpty, otherNames: otherNames)
        self.forms = forms
    }

    /// `nil` when the brand has no such attribute.
    func form(for brand: Brand) -> Form? {
        forms.first { $0.form.brands.contains(brand) }
    }
}

/// The key of an attribute of which a zone has several, each with a number in its name: `disk3`.
struct ListAttribute<Value: Equatable & Sendable>: Sendable {
    let row: AttributeRow
    private let forms: [Form]

    /// The list as some brands have it.
    struct Form: Sendable {
        fileprivate let form: AttributeForm
        let parse: AttributeParser<Value>

        @inline(never)
        static func of(
            _ brands: Brand..., numbers: ClosedRange<Int>, plain: PlainNames? = nil, syntax: String, example: String,
            parse: @escaping AttributeParser<Value>
        ) -> Form {
            Form(
                form: AttributeForm(
                    brands: brands, multiplicity: .list(numbers, plain: plain ?? .fill(numbers)), fallback: nil,
                    effect: .commandLine, syntax: syntax, example: example),
                parse: parse)
        }
    }

    init(
        _ name: String, _ summary: String, from source: AttributeRow.Source = .later, allowsEmpty: Bool = false,
        elsewhere otherNames: [String] = [], _ forms: Form...
    ) {
        row = AttributeRow(
            name: name, summary: summary, isList: true, forms: forms.map { $0.form }, source: source,
            isOption: false, isLenient: false, allowsEmpty: allowsEmpty, otherNames: otherNames)
        self.forms = forms
    }

    /// `nil` when the brand has no such attribute.
    func form(for brand: Brand) -> Form? {
        forms.first { $0.form.brands.contains(brand) }
    }
}
