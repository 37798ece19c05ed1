using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>Reads Python's pickles as far as tensors need them: it builds lists, dictionaries and descriptions of tensors, and executes nothing.</summary>
/// <remarks>
/// Only the instructions and names that <c>torch.save</c> writes for tensors are known. All others are refused where they stand, before anything that
/// follows is read. The number of instructions and the length of texts are limited, so what a pickle takes in memory is too.
/// </remarks>
internal sealed class PickleReader
{
    private const int MaximalInstructions = 1_000_000;
    private const int MaximalText = 1 << 16;
    private const byte NewestProtocol = 5;

    private static readonly object _mark = new();

    private readonly Stream _stream;
    private readonly string _name;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private long _offset;
    private byte _opcode;

    private PickleReader(Stream stream, string name)
    {
        _stream = stream;
        _name = name;
    }

    /// <summary>Reads one pickle from where the stream stands, and leaves it behind the pickle's end.</summary>
    /// <param name="stream">The bytes; offsets in messages count from its start.</param>
    /// <param name="name">What messages call them.</param>
    /// <exception cref="InvalidDataException">It is none, or holds more than tensors; the message gives the instruction, its offset, and the name that it asks for.</exception>
    public static object? Read(Stream stream, string name) => new PickleReader(stream, name).Run();

    private object? Run()
    {
        for (int i = 0; i < MaximalInstructions; i++)
        {
            _offset = _stream.Position;
            int next = _stream.ReadByte();
            if (next < 0)
                throw BrokenFile.Because($"{_name}, offset {_offset}: the pickle ends without STOP. The file was cut off, or is none of PyTorch's.");
            _opcode = (byte)next;
            if (_opcode == PickleOpcode.Stop)
            {
                object? result = Pop();
                return _stack.Count == 0 ? result : throw Broken($"{_stack.Count} values are left over; expected none");
            }
            try
            {
                Execute();
            }
            catch (FormatException e)
            {
                throw Broken(e.Message);
            }
        }
        throw Broken($"the pickle has more than {MaximalInstructions} instructions; expected at most so many");
    }

    private void Execute()
    {
        switch (_opcode)
        {
            case PickleOpcode.Proto:
                byte protocol = Bytes(1)[0];
                if (protocol > NewestProtocol)
                    throw Broken($"protocol {protocol}; expected {NewestProtocol} at most");
                break;
            case PickleOpcode.Frame:
                Bytes(sizeof(ulong));
                break;
            case PickleOpcode.Mark:
                _marks.Add(_stack.Count);
                _stack.Add(_mark);
                break;
            case PickleOpcode.Pop:
                Pop();
                break;
            case PickleOpcode.PopMark:
                PopToMark();
                break;
            case PickleOpcode.None:
                _stack.Add(null);
                break;
            case PickleOpcode.NewTrue or PickleOpcode.NewFalse:
                _stack.Add(_opcode == PickleOpcode.NewTrue);
                break;
            case PickleOpcode.BinInt:
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int))));
                break;
            case PickleOpcode.BinInt1:
                _stack.Add((long)Bytes(1)[0]);
                break;
            case PickleOpcode.BinInt2:
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort))));
                break;
            case PickleOpcode.Long1:
                BigInteger number = new(Bytes(Bytes(1)[0]));
                _stack.Add(number >= long.MinValue && number <= long.MaxValue ? (long)number : number);
                break;
            case PickleOpcode.BinFloat:
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double))));
                break;
            case PickleOpcode.ShortBinString or PickleOpcode.ShortBinUnicode:
                _stack.Add(Text(Bytes(1)[0]));
                break;
            case PickleOpcode.BinString or PickleOpcode.BinUnicode:
                _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)))));
                break;
            case PickleOpcode.EmptyTuple:
                _stack.Add(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Add(PopMany(_opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.Tuple:
                _stack.Add(PopToMark());
                break;
            case PickleOpcode.EmptyList:
                _stack.Add(new List<object?>());
                break;
            case PickleOpcode.List:
                _stack.Add(new List<object?>(PopToMark()));
                break;
            case PickleOpcode.EmptyDict:
                _stack.Add(new PickleDictionary());
                break;
            case PickleOpcode.Dict:
                object?[] pairs = PopToMark();
                _stack.Add(new PickleDictionary());
                SetItems(pairs);
                break;
            case PickleOpcode.Append:
                object? item = Pop();
                Top<List<object?>>("a list").Add(item);
                break;
            case PickleOpcode.Appends:
                object?[] items = PopToMark();
                Top<List<object?>>("a list").AddRange(items);
                break;
            case PickleOpcode.SetItem:
                SetItems(PopMany(2));
                break;
            case PickleOpcode.SetItems:
                SetItems(PopToMark());
                break;
            case PickleOpcode.BinPut:
                _memo[Bytes(1)[0]] = Top();
                break;
            case PickleOpcode.LongBinPut:
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)))] = Top();
                break;
            case PickleOpcode.Memoize:
                _memo[(uint)_memo.Count] = Top();
                break;
            case PickleOpcode.BinGet:
                Get(Bytes(1)[0]);
                break;
            case PickleOpcode.LongBinGet:
                Get(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint))));
                break;
            case PickleOpcode.Global:
                string module = Line();
                Ask($"{module}.{Line()}");
                break;
            case PickleOpcode.StackGlobal:
                Ask(PopMany(2) is [string from, string name] ? $"{from}.{name}" : throw Broken("it finds no two texts on the stack"));
                break;
            case PickleOpcode.BinPersId:
                _stack.Add(PickleGlobals.Storage(Pop()));
                break;
            case PickleOpcode.Reduce:
                object? arguments = Pop();
                PickleGlobal called = Pop() as PickleGlobal ?? throw Broken("it calls what is no name");
                _stack.Add(PickleGlobals.Call(called.Name, arguments as object?[] ?? throw Broken("its arguments are no tuple")));
                break;
            case PickleOpcode.Build:
                // What a state_dict carries beside its tensors: versions of modules.
                Pop();
                Top<PickleDictionary>("a dictionary");
                break;
            default:
                throw Broken($"no tensor needs it, and nothing else is read. {Advice}");
        }
    }

    private const string Advice = "Nothing of the file was executed. If you trust it, save its weights alone in Python: torch.save(model.state_dict(), FILE)";

    private void Ask(string global) =>
        _stack.Add(PickleGlobals.Knows(global) ? new PickleGlobal(global) : throw Broken($"it asks for {Printable(global)}; only {PickleGlobals.Known} are known. {Advice}"));

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
            throw Broken("a key has no value");
        List<(object? Key, object? Value)> items = Top<PickleDictionary>("a dictionary").Items;
        for (int i = 0; i < pairs.Length; i += 2)
            items.Add((pairs[i], pairs[i + 1]));
    }

    private void Get(uint key) => _stack.Add(_memo.TryGetValue(key, out object? value) ? value : throw Broken($"nothing was put under {key}"));

    private T Top<T>(string expected)
        where T : class => Top() as T ?? throw Broken($"it finds {PickleGlobals.Describe(_stack[^1])} on the stack; expected {expected}");

    private object? Top() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], _mark) ? _stack[^1] : throw Broken("the stack is empty");

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw Broken("there is no MARK before it");
        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] values = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private byte[] Bytes(long count)
    {
        byte[] bytes = new byte[count];
        return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? bytes
            : throw Broken($"{count} bytes belong to it, and the pickle ends before. The file was cut off");
    }

    private string Text(long length)
    {
        if (length > MaximalText)
            throw Broken($"a text of {length} bytes; expected at most {MaximalText}");
        return Encoding.UTF8.GetString(Bytes(length));
    }

    private string Line()
    {
        StringBuilder line = new();
        for (int next; (next = _stream.ReadByte()) != '\n'; line.Append((char)next))
        {
            if (next < 0 || line.Length == MaximalText)
                throw Broken("a name without an end");
        }
        return line.ToString();
    }

    // A name from a file that nobody trusts, for a terminal.
    private static string Printable(string name)
    {
        const int Shown = 200;
        string start = name.Length <= Shown ? name : name[..Shown] + "…";
        return string.Concat(start.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    private InvalidDataException Broken(string problem) => BrokenFile.Because($"{_name}, offset {_offset}: opcode {PickleOpcode.NameOf(_opcode)}: {problem}.");
}
