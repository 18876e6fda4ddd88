using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config.md "POSIX-platform Hooks".</summary>
internal static class HookChecks
{
    public static void Check(Hooks hooks)
    {
        CheckList("prestart", hooks.Prestart);
        CheckList("createRuntime", hooks.CreateRuntime);
        CheckList("createContainer", hooks.CreateContainer);
        CheckList("startContainer", hooks.StartContainer);
        CheckList("poststart", hooks.Poststart);
        CheckList("poststop", hooks.Poststop);
    }

    private static void CheckList(string kind, Hook[] hooks)
    {
        for (int i = 0; i < hooks.Length; i++)
        {
            if (hooks[i].Path[0] != '/')
            {
                throw Reject.Value($"hooks.{kind}[{i}].path", "must be an absolute path", hooks[i].Path);
            }

            if (hooks[i].Timeout is <= 0)
            {
                throw Reject.Number($"hooks.{kind}[{i}].timeout", "must be greater than zero", hooks[i].Timeout!.Value);
            }
        }
    }
}
