using System;
using System.Globalization;
using Anocir.Runtime.State;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class TimestampTests
{
    [Fact]
    public void IsRfc3339() =>
        Gen.DateTime[DateTime.UnixEpoch, new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc)].Sample(time =>
        {
            Assert.Equal(time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture), Timestamp.WithFraction(time));
            Assert.Equal(time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Timestamp.Seconds(time));
        });
}
