import CPlatform

/// close(2), which tells when the descriptor was not open: in the lab as in the hooks that is a fault.
@discardableResult
func close(_ descriptor: Int32) -> Int32 { cp_close(descriptor) }
