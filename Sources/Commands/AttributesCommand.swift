import Lifecycle
import Platform
import Text

/// `hvm attributes`: what a zone can say of its machine.
enum AttributesCommand {
    static let word = Word(
        name: "attributes", summary: "the attributes a zone can have, or all about one", operand: .attribute,
        usage: usage, run: run)

    private static let usage = """
        usage: hvm attributes [-j] [NAME]

          -j  print them as one line of JSON
          -h  show this text

        """

    private static func run(_ arguments: [String]) -> ExitStatus {
        Call.run("attributes", arguments, usage: usage, letters: "j", zone: .none, words: 1) {
            call throws(ValueError) in
            let page = try AttributePage.text(
                of: call.words.first, isJSON: call.options.has("j"), width: Program.outputWidth, list: "hvm attributes")
            return Program.print(page) ? .ok : .fatal
        }
    }
}
