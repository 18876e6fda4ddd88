namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private BlockIoResources ReadBlockIo()
    {
        var block = new BlockIoResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("weight"u8))
            {
                block.Weight = UInt16();
            }
            else if (Is("leafWeight"u8))
            {
                block.LeafWeight = UInt16();
            }
            else if (Is("weightDevice"u8))
            {
                block.WeightDevice = ReadWeightDevices();
            }
            else if (Is("throttleReadBpsDevice"u8))
            {
                block.ThrottleReadBpsDevice = ReadThrottleDevices();
            }
            else if (Is("throttleWriteBpsDevice"u8))
            {
                block.ThrottleWriteBpsDevice = ReadThrottleDevices();
            }
            else if (Is("throttleReadIOPSDevice"u8))
            {
                block.ThrottleReadIopsDevice = ReadThrottleDevices();
            }
            else if (Is("throttleWriteIOPSDevice"u8))
            {
                block.ThrottleWriteIopsDevice = ReadThrottleDevices();
            }
            else
            {
                SkipValue();
            }
        }

        return block;
    }

    private WeightDevice[] ReadWeightDevices()
    {
        WeightDevice[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadWeightDevice());
        }

        return Trim(items, count);
    }

    private WeightDevice ReadWeightDevice()
    {
        var device = new WeightDevice();
        bool hasMajor = false;
        bool hasMinor = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("major"u8))
            {
                device.Major = Int64();
                hasMajor = true;
            }
            else if (Is("minor"u8))
            {
                device.Minor = Int64();
                hasMinor = true;
            }
            else if (Is("weight"u8))
            {
                device.Weight = UInt16();
            }
            else if (Is("leafWeight"u8))
            {
                device.LeafWeight = UInt16();
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasMajor, "major");
        Require(hasMinor, "minor");

        return device;
    }

    private ThrottleDevice[] ReadThrottleDevices()
    {
        ThrottleDevice[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadThrottleDevice());
        }

        return Trim(items, count);
    }

    private ThrottleDevice ReadThrottleDevice()
    {
        var device = new ThrottleDevice();
        bool hasMajor = false;
        bool hasMinor = false;
        bool hasRate = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("major"u8))
            {
                device.Major = Int64();
                hasMajor = true;
            }
            else if (Is("minor"u8))
            {
                device.Minor = Int64();
                hasMinor = true;
            }
            else if (Is("rate"u8))
            {
                device.Rate = UInt64();
                hasRate = true;
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasMajor, "major");
        Require(hasMinor, "minor");
        Require(hasRate, "rate");

        return device;
    }
}
