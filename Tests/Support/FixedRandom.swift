/// The same numbers in every run (xorshift64*).
package struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        // From 0 nothing but 0 would come.
        state = seed ^ 0x9e37_79b9_7f4a_7c15
    }

    package mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_f491_4f6c_dd1d
    }

    /// A number from 0 to one less than the bound.
    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
