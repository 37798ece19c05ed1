using System.Collections.Frozen;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>The instructions of Python's pickles: names of all, so that those that are refused can be named. Source: CPython's <c>pickletools</c>.</summary>
internal static class PickleOpcode
{
    public const byte Mark = (byte)'(', Stop = (byte)'.', Pop = (byte)'0', PopMark = (byte)'1', BinInt = (byte)'J', BinInt1 = (byte)'K', BinInt2 = (byte)'M', None = (byte)'N';
    public const byte BinPersId = (byte)'Q', Reduce = (byte)'R', BinString = (byte)'T', ShortBinString = (byte)'U', BinUnicode = (byte)'X', Append = (byte)'a', Build = (byte)'b';
    public const byte Global = (byte)'c', Dict = (byte)'d', Appends = (byte)'e', BinGet = (byte)'h', LongBinGet = (byte)'j', List = (byte)'l', BinPut = (byte)'q';
    public const byte LongBinPut = (byte)'r', SetItem = (byte)'s', Tuple = (byte)'t', SetItems = (byte)'u', EmptyDict = (byte)'}', EmptyList = (byte)']', EmptyTuple = (byte)')';
    public const byte BinFloat = (byte)'G', Proto = 0x80, Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87, NewTrue = 0x88, NewFalse = 0x89, Long1 = 0x8a;
    public const byte ShortBinUnicode = 0x8c, StackGlobal = 0x93, Memoize = 0x94, Frame = 0x95;

    private static readonly FrozenDictionary<byte, string> _names = new Dictionary<byte, string>
    {
        [Mark] = "MARK",
        [Stop] = "STOP",
        [Pop] = "POP",
        [PopMark] = "POP_MARK",
        [(byte)'2'] = "DUP",
        [(byte)'F'] = "FLOAT",
        [(byte)'I'] = "INT",
        [BinInt] = "BININT",
        [BinInt1] = "BININT1",
        [(byte)'L'] = "LONG",
        [BinInt2] = "BININT2",
        [None] = "NONE",
        [(byte)'P'] = "PERSID",
        [BinPersId] = "BINPERSID",
        [Reduce] = "REDUCE",
        [(byte)'S'] = "STRING",
        [BinString] = "BINSTRING",
        [ShortBinString] = "SHORT_BINSTRING",
        [(byte)'V'] = "UNICODE",
        [BinUnicode] = "BINUNICODE",
        [Append] = "APPEND",
        [Build] = "BUILD",
        [Global] = "GLOBAL",
        [Dict] = "DICT",
        [EmptyDict] = "EMPTY_DICT",
        [Appends] = "APPENDS",
        [(byte)'g'] = "GET",
        [BinGet] = "BINGET",
        [(byte)'i'] = "INST",
        [LongBinGet] = "LONG_BINGET",
        [List] = "LIST",
        [EmptyList] = "EMPTY_LIST",
        [(byte)'o'] = "OBJ",
        [(byte)'p'] = "PUT",
        [BinPut] = "BINPUT",
        [LongBinPut] = "LONG_BINPUT",
        [SetItem] = "SETITEM",
        [Tuple] = "TUPLE",
        [EmptyTuple] = "EMPTY_TUPLE",
        [SetItems] = "SETITEMS",
        [BinFloat] = "BINFLOAT",
        [Proto] = "PROTO",
        [0x81] = "NEWOBJ",
        [0x82] = "EXT1",
        [0x83] = "EXT2",
        [0x84] = "EXT4",
        [Tuple1] = "TUPLE1",
        [Tuple2] = "TUPLE2",
        [Tuple3] = "TUPLE3",
        [NewTrue] = "NEWTRUE",
        [NewFalse] = "NEWFALSE",
        [Long1] = "LONG1",
        [0x8b] = "LONG4",
        [(byte)'B'] = "BINBYTES",
        [(byte)'C'] = "SHORT_BINBYTES",
        [ShortBinUnicode] = "SHORT_BINUNICODE",
        [0x8d] = "BINUNICODE8",
        [0x8e] = "BINBYTES8",
        [0x8f] = "EMPTY_SET",
        [0x90] = "ADDITEMS",
        [0x91] = "FROZENSET",
        [0x92] = "NEWOBJ_EX",
        [StackGlobal] = "STACK_GLOBAL",
        [Memoize] = "MEMOIZE",
        [Frame] = "FRAME",
        [0x96] = "BYTEARRAY8",
        [0x97] = "NEXT_BUFFER",
        [0x98] = "READONLY_BUFFER",
    }.ToFrozenDictionary();

    /// <summary>The name of an instruction; its number where there is none.</summary>
    public static string NameOf(byte opcode) => _names.TryGetValue(opcode, out string? name) ? name : $"0x{opcode:x2}";
}
