//! Bytes taken one field after another, none beyond their end.

/// The remaining bytes; numbers are little-endian.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
}

/// The reason why a file cannot be read.
pub(super) type Fault<T> = Result<T, String>;

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Fields { bytes }
    }

    /// The bytes of a file from an address on.
    pub(super) fn at(file: &'a [u8], address: u64) -> Fault<Self> {
        let bytes = usize::try_from(address).ok().and_then(|begin| file.get(begin..));
        bytes.map(Fields::new).ok_or_else(|| format!("it points to byte {address} of {}", file.len()))
    }

    /// This many bytes of a file from an address on.
    pub(super) fn range(file: &'a [u8], address: u64, length: u64) -> Fault<&'a [u8]> {
        let length = usize::try_from(length).map_err(|_| format!("it has a part of {length} bytes"))?;
        Self::at(file, address)?.take(length)
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn take(&mut self, length: usize) -> Fault<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| "a part of it is cut off".to_string())?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(super) fn skip(&mut self, length: usize) -> Fault<()> {
        self.take(length).map(|_| ())
    }

    fn array<const N: usize>(&mut self) -> Fault<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or_else(|| "a part of it is cut off".to_string())?;
        self.bytes = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Fault<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Fault<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Fault<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Fault<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A number of 1, 2, 4 or 8 bytes.
    pub(super) fn sized(&mut self, bytes: usize) -> Fault<u64> {
        match bytes {
            1 => self.u8().map(u64::from),
            2 => self.u16().map(u64::from),
            4 => self.u32().map(u64::from),
            _ => self.u64(),
        }
    }

    /// Returns an error for other bytes than these.
    pub(super) fn expect(&mut self, signature: &[u8], what: &str) -> Fault<()> {
        match self.take(signature.len()) {
            Ok(found) if found == signature => Ok(()),
            _ => Err(format!("there is no {what} where one should be")),
        }
    }
}
